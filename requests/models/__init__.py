from .visit import *  # noqa: F401,F403
from .case import *  # noqa: F401,F403
from .people import *  # noqa: F401,F403
from .facts import *  # noqa: F401,F403
from .paper import *  # noqa: F401,F403
from .desk import *  # noqa: F401,F403
from .notice import *  # noqa: F401,F403
from .joint import *  # noqa: F401,F403
