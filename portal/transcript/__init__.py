"""What a learner shows: certificates, learning paths, Open Badges."""
