namespace Penstock;

/// <summary>A stream of a pipeline: the handle that a partial property of a <see cref="PipelineAttribute"/> class returns.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="Id">The stable identity of the stream in configuration, checkpoints and metrics.</param>
public readonly record struct Stream<T>(string Id);
