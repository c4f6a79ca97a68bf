using Penstock.Tasks;
namespace Penstock;

/// <summary>
/// The interface that the compiler implements for a <see cref="PipelineAttribute"/> class: its plan, and the tasks that run it.
/// </summary>
public interface IPipeline
{
    /// <summary>The plan of the pipeline, as data.</summary>
    static abstract PipelinePlan Plan { get; }

    /// <summary>Creates one subtask of a task.</summary>
    /// <param name="task">The index of the task in <see cref="PipelinePlan.Tasks"/>.</param>
    /// <param name="context">The context of the subtask.</param>
    /// <returns>The subtask.</returns>
    static abstract Subtask CreateTask(int task, TaskContext context);

    /// <summary>Creates one subtask of a task for a test that reads every stream, including those without a sink.</summary>
    /// <param name="task">The index of the task in <see cref="PipelinePlan.Tasks"/>.</param>
    /// <param name="context">The context of the subtask.</param>
    /// <returns>The subtask.</returns>
    static abstract Subtask CreateTestTask(int task, TaskContext context);
}
