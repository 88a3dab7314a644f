// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <conformance/agrees.hpp>
#include <tfx/keras/layers/batch_normalization.hpp>
#include <tfx/keras/layers/bidirectional.hpp>
#include <tfx/keras/layers/dense.hpp>
#include <tfx/keras/layers/elu.hpp>
#include <tfx/keras/layers/embedding.hpp>
#include <tfx/keras/layers/flatten.hpp>
#include <tfx/keras/layers/layer_normalization.hpp>
#include <tfx/keras/layers/rnn.hpp>
#include <tfx/keras/layers/time_distributed.hpp>

// What tests of layers are written with.
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;
