"""One of several processes that send prepared POSTs at the same moment. Reads its orders as JSON, prints the answers.

Run as a script, so that no test code or Django is loaded: {"host", "port", "start", "posts": [{"path", "headers", "body"}]}.
"""

import http.client
import json
import sys
import threading
import time


def main() -> None:
    orders = json.load(sys.stdin)
    answers = [None] * len(orders["posts"])

    def send(index: int, post: dict) -> None:
        time.sleep(max(0.0, orders["start"] - time.time()))
        line = http.client.HTTPConnection(orders["host"], orders["port"], timeout=60)
        try:
            line.request("POST", post["path"], post["body"], post["headers"])
            answer = line.getresponse()
            answers[index] = {"status": answer.status, "location": answer.getheader("Location"), "body": answer.read().decode()}
        except OSError as error:
            answers[index] = {"status": 599, "location": None, "body": repr(error)}
        finally:
            line.close()

    threads = [threading.Thread(target=send, args=(i, post)) for i, post in enumerate(orders["posts"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
