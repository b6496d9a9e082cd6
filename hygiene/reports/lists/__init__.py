"""The scorecard of list sources as people and scripts read it: table, sentences, CSV, JSON."""
