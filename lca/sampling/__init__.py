"""Random numbers, designs, evaluation and summaries. No word of life-cycle assessment stands here."""
