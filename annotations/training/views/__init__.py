"""The pages of training: a coder's feedback and course, a supervisor's key and outcomes."""
