"""The shell round every page: stamps, forms, headers, errors, paging, assets, page laws."""
