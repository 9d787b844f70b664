"""What a study is asked: change, reliability, agreement, and groups compared."""
