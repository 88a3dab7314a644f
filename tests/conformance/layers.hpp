// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <conformance/agrees.hpp>
#include <tfx/keras/layers/activation.hpp>
#include <tfx/keras/layers/add.hpp>
#include <tfx/keras/layers/average.hpp>
#include <tfx/keras/layers/average_pooling.hpp>
#include <tfx/keras/layers/batch_normalization.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/concatenate.hpp>
#include <tfx/keras/layers/conv.hpp>
#include <tfx/keras/layers/conv2d_transpose.hpp>
#include <tfx/keras/layers/conv3d_transpose.hpp>
#include <tfx/keras/layers/cropping.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/depthwise_conv2d.hpp>
#include <tfx/keras/layers/dot.hpp>
#include <tfx/keras/layers/elu.hpp>
#include <tfx/keras/layers/embedding.hpp>
#include <tfx/keras/layers/flatten.hpp>
#include <tfx/keras/layers/global_average_pooling.hpp>
#include <tfx/keras/layers/global_max_pooling.hpp>
#include <tfx/keras/layers/layer_normalization.hpp>
#include <tfx/keras/layers/leaky_relu.hpp>
#include <tfx/keras/layers/masking.hpp>
#include <tfx/keras/layers/max_pooling.hpp>
#include <tfx/keras/layers/maximum.hpp>
#include <tfx/keras/layers/minimum.hpp>
#include <tfx/keras/layers/multiply.hpp>
#include <tfx/keras/layers/permute.hpp>
#include <tfx/keras/layers/prelu.hpp>
#include <tfx/keras/layers/relu.hpp>
#include <tfx/keras/layers/repeat_vector.hpp>
#include <tfx/keras/layers/reshape.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/keras/layers/separable_conv1d.hpp>
#include <tfx/keras/layers/separable_conv2d.hpp>
#include <tfx/keras/layers/softmax.hpp>
#include <tfx/keras/layers/subtract.hpp>
#include <tfx/keras/layers/thresholded_relu.hpp>
#include <tfx/keras/layers/time_distributed.hpp>
#include <tfx/keras/layers/up_sampling.hpp>
#include <tfx/keras/layers/zero_padding.hpp>

// What tests of layers are written with.
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
