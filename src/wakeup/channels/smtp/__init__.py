"""Adapter `smtp`: e-mail over any mail server, with one-click unsubscribe (RFC 8058) and bounces by message."""

from wakeup.channels.smtp.adapter import MESSAGE_SETTINGS, SETTINGS, SmtpChannel, open_smtp

__all__ = ["MESSAGE_SETTINGS", "SETTINGS", "SmtpChannel", "open_smtp"]
