"""The pages of meetings: preparing and paper, the wall, a coder's own screen."""
