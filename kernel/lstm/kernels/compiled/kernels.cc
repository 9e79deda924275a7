// Everything that is compiled, as one unit: for WebAssembly, or with -DKERNELS=NAME as a table of that name.
#include "lstm.cc"
#include "dense.cc"
#ifdef KERNELS
#include "adam.cc"
#include "kernels.h"
extern const Kernels KERNELS = {
    WIDTH, PANEL, lstm_pack, lstm_unpack, lstm_pack_transposed, lstm_forward_scratch, lstm_weight_scratch,
    lstm_forward, lstm_backward, lstm_weight_gradient, lstm_input_gradient, dense_pack, dense_unpack,
    dense_pack_transposed, dense_forward, dense_backward, softmax_rows, squared_rows, adam_step, sum_of_squares,
};
#endif
