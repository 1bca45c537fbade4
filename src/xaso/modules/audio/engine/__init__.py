"""Programs in processes of their own: espeak-ng is GPL and stays outside ours; a hostile file kills only its reader."""
