"""What a result is made of, and what moves it from one state to another."""
