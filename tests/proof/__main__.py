"""`python -m tests.proof PART …`: Django first, then everything that imports models."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from tests.proof.parts import main

    main()
