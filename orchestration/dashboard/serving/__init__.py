"""SERVING: ``scout dashboard``, a process of Streamlit's on loopback.

What belongs here: starting it, what it loads beforehand, the script it runs.
What does not: the pages. The script has a folder of its own because Streamlit takes any folder
``pages`` beside its script for pages of its own making.
"""
