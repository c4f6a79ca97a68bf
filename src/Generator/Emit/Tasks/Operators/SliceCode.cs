using Penstock.Generator.Fusion;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The code of a task with windows that overlap, whose state is merged from slices.</summary>
internal sealed class SliceCode(Stage head, CodeWriter code, TaskNames names) : PaneCode(head, code, names)
{
    // Aggregates of a slice are rebuilt even if no window fires again.
    protected override bool TellsChanges => true;

    // The slices decide which form of a new key they store.
    protected override string ChangesWhen =>
        base.ChangesWhen + (Node.Key!.Value.HasForms ? $" || {Pane}.Count != keysBefore" : "");

    protected override bool NeedsHash => true;

    protected override string LateComment => "The row is late: all windows with its slice are closed.";

    protected override string WindowType => "global::Penstock.Windows.WindowBounds";

    protected override string SecretInFire => Names.Windows(Node) + ".Secret";

    protected override string ScopeArguments => "";

    protected override void EmitChanged(string windows)
    {
        Code.Line($"{windows}.Changed(slice, key, hash, keysBefore);");
        if (Refires && !Folds)
        {
            EmitLate(windows);
        }
    }

    protected override void EmitLate(string windows)
    {
        using (Code.Braces($"while ({windows}.TryTakeLate(out var late))"))
        {
            Code.Line($"{Names.Fire(Node)}(late.Key, late.Window, ref {windows}.Merged, late.Kind);");
        }
    }

    protected override void EmitWatermark()
    {
        var windows = Names.Windows(Node);
        var kind = Refires ? ", global::Penstock.RowKind.Insert" : "";
        Code.Line();
        using (Code.Braces("protected override bool OnWatermark(long watermark)"))
        {
            using (Code.Braces($"while ({windows}.TryTakeDue(watermark, out var window))"))
            {
                Code.Line($"var unfired = {windows}.Unfired();");
                using (Code.Braces("while (unfired.MoveNext())"))
                {
                    Code.Line($"{Names.Fire(Node)}(unfired.Key, window, ref {windows}.Merged{kind});");
                    Code.Line();
                    Code.Line("// Backpressure: suspend after this key; OnWatermark is called again for the rest of the window.");
                    using (Code.Braces("if (IsBackpressured)"))
                    {
                        Code.Line($"{windows}.Pause(in unfired);");
                        Code.Line("return false;");
                    }
                }

                Code.Line();
                Code.Line($"{windows}.Done();");
            }

            Code.Line();
            Code.Line("return true;");
        }
    }
}
