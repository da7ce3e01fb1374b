"""The audit chain is defined beside its rules; here Django finds its tables."""

from officials.audit.chain import ChainHead, ChainLink

__all__ = ["ChainHead", "ChainLink"]
