// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/data/mnist.hpp>
#include <tfx/graph/inspect.hpp>
#include <tfx/graph/refusal.hpp>
#include <tfx/op.hpp>
#include <tfx/session/planned.hpp>
#include <tfx/session/session.hpp>
#include <tfx/train.hpp>
