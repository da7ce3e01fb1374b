from .catalogue import *  # noqa: F401,F403
from .edition import *  # noqa: F401,F403
from .contents import *  # noqa: F401,F403
from .blanks import *  # noqa: F401,F403
from .channel_rules import *  # noqa: F401,F403
from .searching import *  # noqa: F401,F403
