"""`python -m devices.voice`: what `devices.voice.telling` does, in a process of its own."""

from devices.voice.telling import main

if __name__ == "__main__":
    main()
