"""Survey and cases side by side."""
