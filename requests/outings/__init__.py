"""预约、驻村服务日、上门服务、接待日: what is arranged before a case begins, and the days away from the hall (domain 7.2, 8.6)."""
