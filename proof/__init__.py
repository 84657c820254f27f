"""Whether it holds (validation) and how fast it is (bench): commands above all the rest."""
