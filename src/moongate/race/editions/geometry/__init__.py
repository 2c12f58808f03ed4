"""Generated geometry: meshes, model recipes, roads and towns, and their way into a GLB file.

Build-time only: the server and the browser never import it.
"""
