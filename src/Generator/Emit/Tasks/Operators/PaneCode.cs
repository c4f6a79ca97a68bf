using Penstock.Generator.Fusion;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The code of a task whose rows are added to panes: windows or slices, each with all of its keys.</summary>
internal abstract class PaneCode : WindowCode
{
    protected PaneCode(Stage head, CodeWriter code, TaskNames names)
        : base(head, code, names) => Folds = Refires && !Node.Applied.KeepsBeyondWindows;

    /// <summary>
    /// Whether several rows of a batch that change one result emit it only once. If rows of other windows can change it too, the output
    /// would depend on the batch.
    /// </summary>
    protected bool Folds { get; }

    /// <summary>Whether the row's window or slice must be told that the row has changed it after it fired.</summary>
    protected abstract bool TellsChanges { get; }

    /// <summary>The condition on which it must be told.</summary>
    protected virtual string ChangesWhen => $"{Pane}.HasFired";

    /// <summary>The variable for what a row is added to: a window, or a slice, which is never called a window.</summary>
    protected string Pane => Node.Applied.Kind.Unit;

    protected override void EmitBetween()
    {
        if (Folds)
        {
            Code.Line();
            using (Code.Braces("protected override void EndRows()"))
            {
                EmitLate(Names.Windows(Node));
            }
        }
    }

    /// <summary>Emits the firing of windows that late rows have changed.</summary>
    /// <param name="windows">The variable with the windows.</param>
    protected abstract void EmitLate(string windows);

    /// <summary>Emits what happens after a row has changed a window or slice that has fired.</summary>
    /// <param name="windows">The variable with the windows.</param>
    protected abstract void EmitChanged(string windows);

    protected sealed override string EmitFind(string windows, string time)
    {
        Code.Line($"var {Pane} = {windows}.At({time}, splitWatermark);");
        return $"{Pane} == null";
    }

    protected sealed override void EmitState(string windows, string hash, string time)
    {
        if (TellsChanges)
        {
            Code.Line($"var keysBefore = {Pane}.Count;");
        }

        Code.Line($"ref var state = ref {Pane}.GetOrAdd(key, {hash});");
    }

    protected sealed override void EmitAdded(string windows)
    {
        if (TellsChanges)
        {
            using (Code.Braces($"if ({ChangesWhen})"))
            {
                EmitChanged(windows);
            }
        }
    }
}
