using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Emits a windowed task: a row into its window, and the windows that are due.</summary>
internal sealed class WindowEmitter(CodeWriter code, PhysicalTask task, OperatorNode node, TaskNames names)
{
    private readonly string _key = names.Pipeline.Key(node);
    private readonly string _state = StageEmitter.Contract(node) + ".State";
    private readonly bool _refires = node.Operator.Window!.Lateness > 0;

    /// <summary>Emits the way of a row into its window.</summary>
    public void EmitRow(RowVariable row, StageEmitter stages)
    {
        code.Line($"var window = {stages.Held(names.Windows(node))}.At({row.Time}, splitWatermark);");
        using (code.Braces("if (window == null)"))
        {
            foreach (var late in task.Head.Aside)
            {
                stages.EmitAll(late.Next, row);
            }

            code.Line("continue;");
        }

        code.Line();
        code.Line($"var key = {_key}.Of(in {row.Name});");
        if (HasWider)
        {
            code.Line($"var hash = {_key}.Hash(key, secret);");
        }

        if (_refires)
        {
            code.Line("var known = window.Count;");
        }

        code.Line($"ref var state = ref window.GetOrAdd(key, {(HasWider ? "hash" : $"{_key}.Hash(key, secret)")});");
        EmitWider(stages, row.Time);
        code.Line($"{StageEmitter.Contract(node)}.Accumulate({stages.Held(names.Operator(node))}, in {row.Name}, ref state{KeyState});");
        if (_refires)
        {
            using (code.Braces("if (window.HasFired)"))
            {
                code.Line($"{names.Fire(node)}(key, window, ref state, {stages.Held(names.Windows(node))}.FireAgain(window, known));");
            }
        }
    }

    // What lies elsewhere than in the entry of the key and window.
    private bool HasWider => node.Operator.HasKeyState || node.Operator.HasCollections;

    private string KeyState => node.Operator.HasKeyState ? ", ref keyState" : "";

    private void EmitWider(StageEmitter stages, string time)
    {
        if (StageEmitter.HasRowTime(node))
        {
            code.Line($"{stages.Held(names.Clock(node))}.Enter({time});");
        }

        if (node.Operator.HasKeyState)
        {
            code.Line($"ref var keyState = ref {stages.Held(names.KeyTable(node))}.GetOrAdd(key, hash);");
        }

        if (node.Operator.HasCollections)
        {
            code.Line($"{stages.Held(names.Scope(node))}.Enter(key, hash, window.Stores);");
        }
    }

    /// <summary>Emits what happens when event time moves on.</summary>
    public void Emit()
    {
        var kind = _refires ? ", global::Penstock.RowKind.Insert" : "";
        code.Line();
        using (code.Braces("protected override void OnWatermark(long watermark)"))
        {
            using (code.Braces($"while ({names.Windows(node)}.TryTakeDue(watermark, out var window))"))
            {
                using (code.Braces("foreach (ref var entry in window)"))
                {
                    code.Line($"{names.Fire(node)}(entry.Key, window, ref entry.State{kind});");
                }

                code.Line();
                code.Line($"{names.Windows(node)}.Done(window);");
            }
        }

        EmitFire();
    }

    private void EmitFire()
    {
        var locals = new Names(["key", "hash", "window", "state", "keyState", "time", "kind", "error"]);
        var stages = new StageEmitter(code, names, locals);
        code.Line();
        code.Line($"private void {names.Fire(node)}({_key} key, global::Penstock.Windows.WindowPane<{_key}, {_state}> window, ref {_state} state{(_refires ? ", global::Penstock.RowKind kind" : "")})");
        using (code.Braces())
        {
            using (code.Braces("try"))
            {
                if (HasWider)
                {
                    code.Line($"var hash = {_key}.Hash(key, window.Secret);");
                    EmitWider(stages, "window.End - 1");
                }

                var fired = stages.Local(node.Operator.Output, node.Name);
                code.Line($"var {fired} = {StageEmitter.Contract(node)}.Fire({names.Operator(node)}, new global::Penstock.Window<{node.Key!.Value.Type}>(key.Value, window.Start, window.End), ref state{KeyState});");
                stages.EmitBehind(task.Head, new RowVariable(fired, "window.End - 1", _refires ? "kind" : null));
            }

            using (code.Braces("catch (global::System.Exception error) when (error is not global::Penstock.PipelineException)"))
            {
                code.Line("throw Failed(error, key.ToString(), Operators);");
            }
        }
    }
}
