"""Random numbers, designs, evaluation and summaries. It uses no term of life-cycle assessment."""
