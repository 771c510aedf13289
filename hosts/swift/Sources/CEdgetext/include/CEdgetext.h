#include "../c/edgetext.h"
