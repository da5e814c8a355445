"""The pages: the only folder that knows Streamlit."""
