"""The only place that knows file formats, headers, encodings and vendors: anything → canonical tables and rejects."""
