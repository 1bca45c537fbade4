"""E-mail by SMTP."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from xaso.modules.notifications.providers import DeliveryFailed, Outgoing

TIMEOUT = 20
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class EmailProvider:
    """The Message-ID is made of the message's uuid, so a mail sent twice is shown once by most readers."""

    def send(self, message: Outgoing) -> str:
        domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        reference = f"<{message.uuid}@{domain}>"
        mail = EmailMessage(message.title, message.body, to=[message.to], headers={"Message-ID": reference})
        mail.connection = get_connection(SMTP, timeout=TIMEOUT)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            final = all(code >= 500 for code in codes)
            raise DeliveryFailed(f"Máy chủ thư từ chối địa chỉ người nhận ({codes[0]}).", again=not final) from error
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed(f"Máy chủ thư trả lời {error.smtp_code}.", again=error.smtp_code < 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"Không nối được máy chủ thư: {type(error).__name__}.", again=True) from error
        return reference

    def check(self) -> str:
        connection = get_connection(SMTP, timeout=TIMEOUT)
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            return f"Không nối được máy chủ thư {settings.EMAIL_HOST}: {type(error).__name__}."
        connection.close()
        return ""
