"""What would change the projection: small files that name only the differences from constant rates."""
