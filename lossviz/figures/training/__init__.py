"""Pictures of a training: `analysis.training` drawn, a frame for each epoch that was measured."""
