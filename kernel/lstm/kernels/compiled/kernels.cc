// Everything that is compiled, as one unit.
#include "lstm.cc"
#include "dense.cc"
