"""The answer of `hygiene check`: as text, Markdown, JSON, JUnit and SARIF, all from one `CheckReport`."""
