"The documentation site from `_quarto.yml`: rendered by smalldocs, finished and checked here."
