"The data, tokenizer, training and evaluation of the built-in model `mlx/tiny`."
