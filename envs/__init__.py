"""Problems, bugs, and the Gymnasium environments over them."""
