"""Static files under a name that carries their content, compressed once, served by the portal itself."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class FallbackManifestStorage(CompressedManifestStaticFilesStorage):
    """A file the manifest does not know keeps its plain name instead of ending the page in a 500."""

    manifest_strict = False

    def stored_name(self, name):
        try:
            return super().stored_name(name)
        except ValueError:
            # Not strict means only that the name is made from the file itself, and nobody has collected the files yet.
            return name
