"""The app: the only folder, with app.py, that knows Streamlit."""
