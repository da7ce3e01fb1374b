"""What keeps personal data personal: keys, sealed values, look-up digests, masks, and checks of what people type.

Kept free of models, so that `portal.settings` may import `officials.privacy.keys` before the apps are loaded.
"""
