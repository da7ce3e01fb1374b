"""Static files under a name that carries their content, compressed once, served by the portal itself."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class FallbackManifestStorage(CompressedManifestStaticFilesStorage):
    """A file the manifest does not know keeps its plain name instead of ending the page in a 500."""

    manifest_strict = False
