"""Photos: what people send is decoded, written anew, and shown to whom it is meant for."""
