"""The badge designer: designs as documents, their versions and pictures, the library and the editor's page."""
