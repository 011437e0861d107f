"""What a conversation says about itself: guessed roles, requests for data, response times. Writes nothing."""
