namespace Penstock;

/// <summary>
/// Declares a pipeline: a partial class whose partial properties of type <c>Stream&lt;T&gt;</c> are its streams.
/// The compiler validates the whole pipeline and writes the tasks that run it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PipelineAttribute : Attribute
{
    /// <summary>The name under which the pipeline is configured, logged and checkpointed. Default: the name of the class.</summary>
    public string? Name { get; set; }

    /// <summary>How columns are named after the members of rows, unless a row type, a source or a sink says otherwise. Default: camel case.</summary>
    public NamingPolicy Naming { get; set; }

    /// <summary>
    /// How many subtasks each task has, where neither configuration nor <see cref="ParallelismAttribute"/> says otherwise: 1 to the number of key groups, which is 128 unless
    /// configured. Default: 1.
    /// </summary>
    public int Parallelism { get; set; }
}
