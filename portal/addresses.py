"""Addresses of the front door, sign-in, audit and jobs."""

from django.urls import path

from portal.views import accounts, audit, finding, front, notices, second_factor, switching

urlpatterns = [
    path("", front.home, name="home"),
    path("search/", finding.find, name="search"),
    path("notices/", notices.page, name="notices"),
    path("healthz", front.healthz, name="healthz"),
    path("favicon.ico", front.icon, name="icon"),
    path("preferences/", front.preferences, name="preferences"),
    path("accounts/login/", accounts.enter, name="login"),
    path("accounts/logout/", accounts.leave, name="logout"),
    path("accounts/password/", accounts.password, name="password"),
    path("accounts/pin/", switching.pin, name="pin"),
    path("accounts/switch/", switching.switch, name="switch"),
    path("accounts/code/", second_factor.code, name="second_factor"),
    path("accounts/code/setup/", second_factor.set_up, name="second_factor_setup"),
    path("audit/", audit.audit, name="audit"),
    path("audit/case/<str:number>/", audit.case, name="audit_case"),
    path("audit/person/<str:staff_no>/", audit.person, name="audit_person"),
    path("audit/item/<str:code>/", audit.item, name="audit_item"),
    # Before Django's own pages of the same name: one way in and one way out for everybody.
    path("admin/login/", accounts.administration),
    path("admin/logout/", accounts.leave),
    path("admin/password_change/", accounts.password),
]
