"""The page as the eye takes it: labels, rows, regions of pictures, and the pattern that makes a label a caption."""
