"""What a WSGI server serves: `gunicorn --config portal/serving.py wsgi:app`."""

from portal.app import create_app

app = create_app()
