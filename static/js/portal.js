// The way is complete without this file; it only shortens it. No data is kept in the browser.
(() => {
  "use strict";
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((b) => b.removeAttribute("aria-disabled"));
  };
  // A second click while the answer is on its way sends nothing. data-again: the form answers with a file.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "again" in form.dataset) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    form.querySelectorAll("button").forEach((b) => b.setAttribute("aria-disabled", "true"));
    setTimeout(release, 15000, form); // someone may have pressed Stop on a slow line
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  const reader = document.querySelector("[data-read-aloud]");
  if (!reader || !("speechSynthesis" in window)) return;
  const label = reader.querySelector("span");
  const start = label.textContent;
  const reset = () => { label.textContent = start; };
  reader.parentElement.hidden = false;
  reader.addEventListener("click", () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); return reset(); }
    const speech = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
    speech.lang = document.documentElement.lang;
    speech.rate = 0.85;
    speech.onend = reset;
    label.textContent = reader.dataset.stopLabel;
    speechSynthesis.speak(speech);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
})();
